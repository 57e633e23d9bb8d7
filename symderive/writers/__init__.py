"""Papers written down: TeX, Markdown, HTML, Typst, PDF, a manifest, one equation, a cell of a notebook."""
