from helpers.report.figures.flow import participant_flow
from helpers.report.figures.missing import missing_data
from helpers.report.figures.trajectories import trajectories
from helpers.report.figures.survival import survival
from helpers.report.figures.effects import effects
