"""The lab: what goes wrong with a payment, run on the article's code and on the shop's, in both flows.

`compare/content/lab.toml` describes each scenario and documents its outcomes. `work` runs one in a shop apart
(`compare.apart`): `scripts` says what happens, `visitors`, `shops` and `tape` are who it happens to. `runner` is the
site's side.
"""
