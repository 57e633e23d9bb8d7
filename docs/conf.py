"""The site: ``pip install ".[docs]" && sphinx-build -W docs docs/_build``, without the network."""

import os
import sys
from pathlib import Path

from numpydoc.xref import DEFAULT_LINKS

import symderive

HERE = Path(__file__).parent
EXTENSIONS = str(HERE / "extensions")
sys.path.insert(0, EXTENSIONS)

from api_pages import links  # noqa: E402 - found in the folder above

project = "symderive"
author = "The symderive developers"
copyright = author  # noqa: A001 - what Sphinx calls it
version = release = symderive.__version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx_click",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "api_pages",
    "mathml",
    "theory",
    "facts",
    "side_by_side",
    "commands",
]
exclude_patterns = [
    "_build",
    "extensions",
    "jupyter_execute",
    "gallery/*.py",
    "gallery/*.md5",
    "gallery/*.ipynb",
]

html_theme = "furo"
html_title = f"symderive {version}"
html_static_path = ["_static"]
html_css_files = ["style.css", "theory.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False

myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Notebooks run from nothing every time, in a copy of the examples.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 240
nb_merge_streams = True
nb_render_markdown_format = "myst"  # statements show themselves as Markdown with formulas
# Kernels find what tutorials load first, and commands find symderive.
os.environ["PYTHONPATH"] = os.pathsep.join([EXTENSIONS, *filter(None, [os.environ.get("PYTHONPATH")])])
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc says the types
numpydoc_show_class_members = False
# Types that pages of the API show are links, and nothing else is.
numpydoc_xref_param_type = True
numpydoc_xref_ignore = "all"
numpydoc_xref_aliases = {name: name for name in DEFAULT_LINKS} | links(HERE / "reference/api")

# Every link to an object of Python leads somewhere, but for what is not ours, modules, and fields.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(click|flint|fractions|matplotlib|mpmath|numpy|pathlib|sklearn|sympy|torch|xarray)\..*"),
    (r"py:.*", r"(ArithmeticError|ImportError|OSError|UserWarning|ValueError)"),
    (r"py:mod", r"symderive\..*"),
    (r"py:attr", r"[a-z_]+"),
]

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"

sphinx_gallery_conf = {
    "examples_dirs": "../examples/gallery",
    "gallery_dirs": "gallery",
    "filename_pattern": r"\.py",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_signature": False,
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "within_subsection_order": "FileNameSortKey",
}
suppress_warnings = ["config.cache"]  # the configuration of the gallery is not pickled
