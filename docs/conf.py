"""The site: ``pip install ".[docs]" && sphinx-build -W docs docs/_build``, without the network."""

import os
import sys
from pathlib import Path

import symderive

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

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
    "mathml",
]
exclude_patterns = ["_build", "extensions", "gallery/*.py", "gallery/*.md5", "gallery/*.ipynb"]

html_theme = "furo"
html_title = f"symderive {version}"
html_static_path = ["_static"]
html_css_files = ["style.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False

myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Notebooks run from nothing every time, in a copy of the examples.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 240
nb_merge_streams = True
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc says the types
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

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
