"""The rungs: views with their addresses. The site imports none; a page shows them, and the tests run them."""
