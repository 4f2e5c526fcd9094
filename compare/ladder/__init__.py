"""Both flows from the article's few lines up to the shop's module, rung by rung: each a complete file that runs."""
