"""How much a deployment carries on paper: which limit is met first as a portfolio grows, and what to ask AWS or carriers for."""
