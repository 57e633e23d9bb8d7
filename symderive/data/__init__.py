"""What users give of their data: tables read exactly, and the second moments that the loss sees."""
