"""The words texts are read with: provinces and places, contexts, abbreviations, who issues documents."""

from config.vocabulary.loading import FOLDER, VocabularyError, load_vocabulary
from config.vocabulary.words import Commune, Context, Effect, Name, Vocabulary

__all__ = ["FOLDER", "Commune", "Context", "Effect", "Name", "Vocabulary", "VocabularyError", "load_vocabulary"]
