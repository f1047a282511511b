"""The portal's document generator: records in, numbered .docx files out. Nothing here is HTTP."""
