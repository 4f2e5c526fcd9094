"""The sandbox served alone, without a site around it: `stripe-sandbox`, or `manage.py sandbox` in this repository."""
