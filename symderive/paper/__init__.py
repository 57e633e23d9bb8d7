"""What a paper says, as records that every format is written from: proved, numbered, pointed at.

- :mod:`.assembly`: derivations with their verdicts, from :mod:`.typesetting` (statements in entries, read
  back, with a :mod:`.certificate` of their proof and :mod:`.distinct_symbols`) and
  :mod:`.checked_displays`; :mod:`.depth` specializes derivations before that, :mod:`.document_depth` what
  somebody has written of them.
- :mod:`.contents`: the whole paper as :mod:`.blocks`: :mod:`.main_text` makes them of what somebody has
  written, with :mod:`.definitions` of the vocabulary; :mod:`.entries` of every statement, with the table
  of :mod:`.notation`.  :mod:`.numbering` counts them.
- :mod:`.words` takes text apart, :mod:`.prose` makes the sentences that a machine can make;
  :mod:`.bibliography` reads references, and :mod:`.citations` are those that the text has.
"""
