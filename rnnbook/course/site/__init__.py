"""The course as a web site and as slides, made from the notebooks as they stand. Neither needs a network.

    rnnbook site [FOLDER]             chapters/ as pages, with search
    rnnbook slides NOTEBOOK [FILE]    the cells marked for slides, as an HTML deck

They need an optional part of the installation: pip install -e '.[site]'.
"""
