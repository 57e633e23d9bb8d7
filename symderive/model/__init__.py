"""What users give: networks, and data as exact second moments, from samples, files or a spectrum."""
