"""The course in another language, from the same source: everything that runs exists once, in English.

rnnbook edition zh FOLDER          write the Chinese notebooks, to be opened in JupyterLab
rnnbook edition status             which sentences have no translation, or one of an older sentence
rnnbook edition update zh_CN       bring the catalogues to the English of today

units       cuts a text in Markdown into what is translated as one, and joins it again
documents   the same for whole notebooks and pages, with the captions of pictures
catalogues  the translations: chapters/locale/LANGUAGE/CHAPTER/NOTEBOOK.po, in gettext's format
writing     the chapters in the other language
"""
