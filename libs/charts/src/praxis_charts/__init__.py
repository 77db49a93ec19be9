"""One look for page, charts, HTML and PDF: tokens, figures as text, chart specifications."""
