"""The one-file HTML report: templates, styles and script, all inlined."""
