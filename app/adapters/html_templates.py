"""The templates of the HTML pages that need nothing else."""

from __future__ import annotations

import jinja2


def html_templates() -> jinja2.Environment:
    """Where they are loaded from; whatever is put into them is escaped, and a name that is missing is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("app.adapters", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
