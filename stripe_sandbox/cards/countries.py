"""The test cards that pay, by country. https://docs.stripe.com/testing#international-cards"""

from __future__ import annotations

from .brands import PAID
from .card import Card

# Country, number, what its token is called ("-" for none), brand, funding.
_TABLE = """
    AR 4000000320000021 ar visa credit
    BR 4000000760000002 br visa credit
    CA 4000001240000000 ca visa credit
    CL 4000001520000001 cl visa credit
    CO 4000001700000003 co visa credit
    CR 4000001880000005 cr visa credit
    EC 4000002180000000 ec visa credit
    MX 4000004840008001 mx visa credit
    PA 4000005910000000 pa visa credit
    PY 4000006000000066 py visa credit
    PE 4000006040000068 pe visa credit
    UY 4000008580000003 uy visa credit
    AE 4000007840000001 ae visa credit
    AE 5200007840000022 ae_mastercard mastercard credit
    AT 4000000400000008 at visa credit
    BE 4000000560000004 be visa credit
    BG 4000001000000000 bg visa credit
    BY 4000001120000005 by visa credit
    HR 4000001910000009 hr visa credit
    CY 4000001960000008 cy visa credit
    CZ 4000002030000002 cz visa credit
    DK 4000002080000001 dk visa credit
    EE 4000002330000009 ee visa credit
    FI 4000002460000001 fi visa credit
    FR 4000002500000003 fr visa credit
    DE 4000002760000016 de visa credit
    GI 4000002920000005 gi visa credit
    GR 4000003000000030 gr visa credit
    HU 4000003480000005 hu visa credit
    IE 4000003720000005 ie visa credit
    IT 4000003800000008 it visa credit
    LV 4000004280000005 lv visa credit
    LI 4000004380000004 li visa credit
    LT 4000004400000000 lt visa credit
    LU 4000004420000006 lu visa credit
    MT 4000004700000007 mt visa credit
    NL 4000005280000002 nl visa credit
    NO 4000005780000007 no visa credit
    PL 4000006160000005 pl visa credit
    PT 4000006200000007 pt visa credit
    RO 4000006420000001 ro visa credit
    SA 4000006820000007 - visa credit
    SI 4000007050000006 si visa credit
    SK 4000007030000001 sk visa credit
    ES 4000007240000007 es visa credit
    SE 4000007520000008 se visa credit
    CH 4000007560000009 ch visa credit
    GB 4000008260000000 gb visa credit
    GB 4000058260000005 gb_debit visa debit
    GB 5555558265554449 gb_mastercard mastercard credit
    AU 4000000360000006 au visa credit
    CN 4000001560000002 cn visa credit
    HK 4000003440000004 hk visa credit
    IN 4000003560000008 in visa credit
    JP 4000003920000003 jp visa credit
    MY 4000004580000002 my visa credit
    NZ 4000005540000008 nz visa credit
    SG 4000007020000003 sg visa credit
    TW 4000001580000008 tw visa credit
    TH 4000007640000003 th_credit visa credit
    TH 4000057640000008 th_debit visa debit
"""

COUNTRIES = (
    *(
        Card(
            country.lower() if name == "-" else name,
            number,
            PAID,
            brand,
            country,
            funding,
            tokens=() if name == "-" else (name,),
        )
        for country, number, name, brand, funding in map(str.split, _TABLE.strip().splitlines())
    ),
    Card("jcb_jp", "3530111333300000", PAID, "jcb", "JP", secure="not_supported"),
)
