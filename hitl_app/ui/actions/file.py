"""Actions of the menu File: what comes in and goes out."""

from hitl_app.ui.action_spec import FILE, ActionSpec, always
from hitl_app.ui.translating import QT_TRANSLATE_NOOP

FILE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "import_files", FILE, QT_TRANSLATE_NOOP("Actions", "&Import files…"), "Ctrl+O", lambda w: w.files.choose_files()
    ),
    ActionSpec(
        "import_folder",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Import f&older…"),
        "Ctrl+Shift+O",
        lambda w: w.files.choose_folder(),
    ),
    ActionSpec(
        "add_samples", FILE, QT_TRANSLATE_NOOP("Actions", "Add &samples…"), "", lambda w: w.files.ask_for_samples()
    ),
    ActionSpec(
        "export",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Export…"),
        "Ctrl+E",
        lambda w: w.files.choose_export(),
        always,
        separated=True,
    ),
    ActionSpec(
        "settings",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Se&ttings…"),
        "Ctrl+,",
        lambda w: w.settings.show(),
        always,
        separated=True,
    ),
    ActionSpec(
        "model_settings",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Model settings…"),
        "Ctrl+Shift+M",
        lambda w: w.modelling.show_settings(),
    ),
    ActionSpec("prompts", FILE, QT_TRANSLATE_NOOP("Actions", "&Prompts…"), "", lambda w: w.modelling.show_prompts()),
    ActionSpec(
        "quit", FILE, QT_TRANSLATE_NOOP("Actions", "&Quit"), "Ctrl+Q", lambda w: w.close(), always, separated=True
    ),
)
