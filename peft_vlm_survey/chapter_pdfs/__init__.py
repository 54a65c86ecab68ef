"""PDFs of single chapters, cut from the whole: its pages, and behind them the references and the places that they name."""
