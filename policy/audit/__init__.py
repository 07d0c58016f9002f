"""Batches: many centres' documents judged by many processes, results kept in files.

 INPUT...  --inputs-->  parts, each a stretch of bytes     (known before anything is judged)
 part      --judging--> outcomes and findings of each document; what cannot be judged is quarantined
 parts     --store-->   documents.parquet, outcomes.parquet, findings.parquet, manifest.json
 a run     --query--> answers; --verify--> does the same come out?; --since--> what is known already

A part is judged by one process and kept as a whole or not at all, so a run that was killed goes on
where it stood. How the input is parted depends on the input alone, never on how many processes
there are: the files of two runs over the same input are the same bytes.
"""
