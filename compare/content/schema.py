"""The files of the content: which tables each has, in which the entries are in the order of the pages."""

from __future__ import annotations

from msgspec import Struct, field

from compare.content.entries import (
    Arrow,
    Capability,
    Change,
    Closing,
    Difference,
    EraOfPayments,
    Exercise,
    File,
    Group,
    LadderStory,
    Lesson,
    Limit,
    Milestone,
    Note,
    Page,
    Parameter,
    Phase,
    Reason,
    Rung,
    Source,
    Term,
)
from compare.content.guide import Fit, Happening, Launch, Step
from compare.content.lab import Scenario, ScenarioGroup
from compare.content.text import Text
from compare.content.values import Code


class Overview(Struct, frozen=True, forbid_unknown_fields=True):
    """`overview.toml`."""

    reasons: tuple[Reason, ...] = field(name="reason")
    changes: tuple[Change, ...] = field(name="change")
    eras: tuple[EraOfPayments, ...] = field(name="era")
    milestones: tuple[Milestone, ...] = field(name="milestone")
    closings: tuple[Closing, ...] = field(name="closing")
    differences: tuple[Difference, ...] = field(name="difference")

    def milestones_of(self, era: EraOfPayments) -> tuple[Milestone, ...]:
        """Return what happened in an era, in its order."""
        return tuple(milestone for milestone in self.milestones if milestone.era == era.id)


class Flows(Struct, frozen=True, forbid_unknown_fields=True):
    """`flows.toml`."""

    phases: tuple[Phase, ...] = field(name="phase")
    arrows: tuple[Arrow, ...] = field(name="arrow")

    def arrows_in(self, phase: Phase, flow: str) -> tuple[Arrow, ...]:
        """Return a flow's arrows of one phase, in their order."""
        return tuple(arrow for arrow in self.arrows if arrow.phase == phase.id and arrow.flow == flow)


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """`parameters.toml`."""

    groups: tuple[Group, ...] = field(name="group")
    rows: tuple[Parameter, ...] = field(name="parameter")

    def rows_in(self, group: Group) -> tuple[Parameter, ...]:
        """Return the rows of a group, in their order."""
        return tuple(row for row in self.rows if row.group == group.id)


class Capabilities(Struct, frozen=True, forbid_unknown_fields=True):
    """`capabilities.toml`."""

    questions: tuple[Capability, ...] = field(name="capability")


class Glossary(Struct, frozen=True, forbid_unknown_fields=True):
    """`glossary.toml`."""

    terms: tuple[Term, ...] = field(name="term")


class Notes(Struct, frozen=True, forbid_unknown_fields=True):
    """`notes.toml`."""

    notes: tuple[Note, ...] = field(name="note")


class Sources(Struct, frozen=True, forbid_unknown_fields=True):
    """`sources.toml`."""

    pages: tuple[Source, ...] = field(name="source")


class Navigation(Struct, frozen=True, forbid_unknown_fields=True):
    """`navigation.toml`."""

    pages: tuple[Page, ...] = field(name="page")


class Teach(Struct, frozen=True, forbid_unknown_fields=True):
    """`teach.toml`."""

    environment: Code
    lessons: tuple[Lesson, ...] = field(name="lesson")
    exercises: tuple[Exercise, ...] = field(name="exercise")
    limits: tuple[Limit, ...] = field(name="limit")

    def exercises_in(self, lesson: Lesson) -> tuple[Exercise, ...]:
        """Return the exercises of a lesson, in their order."""
        return tuple(exercise for exercise in self.exercises if exercise.lesson == lesson.id)


class Ladder(Struct, frozen=True, forbid_unknown_fields=True):
    """`ladder.toml`."""

    rungs: tuple[Rung, ...] = field(name="rung")
    stories: tuple[LadderStory, ...] = field(name="story")

    def rungs_of(self, flow: str) -> tuple[Rung, ...]:
        """Return a flow's rungs, the article's first."""
        return tuple(rung for rung in self.rungs if rung.flow == flow)

    def stories_of(self, flow: str) -> tuple[LadderStory, ...]:
        """Return the stories that a shop of this flow can meet."""
        return tuple(story for story in self.stories if story.flow in ("", flow))


class Lab(Struct, frozen=True, forbid_unknown_fields=True):
    """`lab.toml`."""

    groups: tuple[ScenarioGroup, ...] = field(name="group")
    scenarios: tuple[Scenario, ...] = field(name="scenario")

    def scenarios_in(self, group: ScenarioGroup) -> tuple[Scenario, ...]:
        """Return the scenarios of a group, in their order."""
        return tuple(scenario for scenario in self.scenarios if scenario.group == group.id)

    def scenario(self, name: str) -> Scenario | None:
        """Return a scenario by its id; None where there is none."""
        return next((scenario for scenario in self.scenarios if scenario.id == name), None)


class Migrate(Struct, frozen=True, forbid_unknown_fields=True):
    """`migrate.toml`."""

    fits: tuple[Fit, ...] = field(name="fit")
    steps: tuple[Step, ...] = field(name="step")
    happenings: tuple[Happening, ...] = field(name="event")
    launches: tuple[Launch, ...] = field(name="launch")


class Files(Struct, frozen=True, forbid_unknown_fields=True):
    """`files.toml`."""

    files: tuple[File, ...] = field(name="file")


class ActorLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """What the lifelines of the diagrams are called."""

    you: Text
    us: Text
    stripe: Text


class ReplacementLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """What replaces an old parameter."""

    parameter: Text
    code: Text
    setting: Text
    removed: Text


class VerdictLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """What an era can do."""

    yes: Text
    no: Text
    conditions: Text


class SpeakerLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers an old line."""

    sdk: Text
    api: Text
    site: Text
    browser: Text
    python: Text


class BasisLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """How an answer of other versions is known."""

    run: Text
    changelog: Text
    reported: Text


class PlaceLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a pattern of old code is found."""

    py: Text
    html: Text
    js: Text
    req: Text
    test: Text


class AutoLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a tool may change a pattern of old code."""

    A: Text
    S: Text
    M: Text


class StepLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """The steps of the migration guide."""

    take_stock: Text = field(name="take-stock")
    raise_sdk: Text = field(name="raise-sdk")
    tests: Text
    columns: Text
    webhooks: Text
    settlement: Text
    modern: Text
    saved_cards: Text = field(name="saved-cards")
    rollout: Text
    everybody: Text
    drain: Text
    refunds: Text


class SightLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """What a visitor saw last in a run of the lab."""

    nothing: Text
    gone: Text
    error: Text
    message: Text
    board: Text
    page: Text
    stripe: Text
    paid: Text
    pending: Text
    processing: Text
    failed: Text
    expired: Text


class ConfirmationLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """What confirmed the payment in a run of the lab."""

    answer: Text
    return_page: Text = field(name="return-page")
    webhook: Text
    check: Text
    never: Text
    nothing: Text


class LabVerdictLabels(Struct, frozen=True, forbid_unknown_fields=True):
    """The verdict on a run of the lab."""

    right: Text
    held: Text
    lost: Text
    twice: Text
    given: Text
    early: Text
    overcharged: Text
    unpaid: Text
    unnoticed: Text
    misled: Text


class Labels(Struct, frozen=True, forbid_unknown_fields=True):
    """`labels.toml`: the names of the values that fields may have. A label says nothing that needs evidence."""

    actors: ActorLabels
    replacements: ReplacementLabels
    verdicts: VerdictLabels
    speakers: SpeakerLabels
    bases: BasisLabels
    places: PlaceLabels
    autos: AutoLabels
    steps: StepLabels
    sights: SightLabels
    confirmations: ConfirmationLabels
    lab_verdicts: LabVerdictLabels


class Content(Struct, frozen=True):
    """All files; each field is read from the file of its name."""

    overview: Overview
    flows: Flows
    parameters: Parameters
    capabilities: Capabilities
    glossary: Glossary
    notes: Notes
    sources: Sources
    navigation: Navigation
    teach: Teach
    ladder: Ladder
    lab: Lab
    migrate: Migrate
    files: Files
    labels: Labels
