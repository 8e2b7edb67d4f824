"""What is wrong with a call's arguments, in the words of the window."""

from hitl_app.domain.arguments import Fault, Problem, choices_text, path_text, shown, types_text
from hitl_app.ui.translating import translate


def problem_words(problem: Problem) -> str:
    """A problem with its place, as a sentence without a full stop."""
    if problem.fault is Fault.UNKNOWN:
        where = shown(str(problem.path[-1]))
    else:
        where = problem.where or translate("ArgumentProblem", "the whole")
    return _words(problem).format(where, _wanted(problem), shown(problem.value))


def _words(problem: Problem) -> str:
    match problem.fault:
        case Fault.TYPE:
            words = translate("ArgumentProblem", "{0} must be {1}, not {2}")
        case Fault.CHOICE:
            words = translate("ArgumentProblem", "{0} must be one of {1}, not {2}")
        case Fault.MISSING:
            words = translate("ArgumentProblem", "{0} is missing")
        case Fault.UNKNOWN if len(problem.path) > 1:
            words = translate("ArgumentProblem", "{1} has no {0}")
        case Fault.UNKNOWN:
            words = translate("ArgumentProblem", "{0} is not an argument")
        case Fault.LEAST:
            words = translate("ArgumentProblem", "{0} must be at least {1}, not {2}")
        case Fault.MOST:
            words = translate("ArgumentProblem", "{0} must be at most {1}, not {2}")
        case Fault.LENGTH:
            words = translate("ArgumentProblem", "{0} may have {1} characters at most")
    return words


def _wanted(problem: Problem) -> str:
    if problem.fault is Fault.TYPE:
        return types_text(problem.wanted)
    if problem.fault is Fault.CHOICE:
        return choices_text(problem.wanted)
    return path_text(problem.path[:-1]) if problem.fault is Fault.UNKNOWN else str(problem.wanted)
