"""The course as a web site and as slides, made from the notebooks as they stand. Neither needs a network.

    python -m rnnbook site [FOLDER]             chapters/ as pages, with search
    python -m rnnbook slides NOTEBOOK [FILE]    the cells marked for slides, as an HTML deck

They need the optional extra: pip install -e '.[site]'.
"""
