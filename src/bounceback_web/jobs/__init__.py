"""Long work beside the pages: imports, exports, the PDF, backups, each under limits."""
