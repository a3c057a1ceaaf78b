# Writes the input tables that come with R packages: Rscript tests/oracles/make_r_inputs.R, from the root of the repository.
# Debian packages: r-base-core r-cran-lme4 r-cran-nlme r-cran-hsaur3. What it wrote is committed.

suppressPackageStartupMessages({library(lme4); library(nlme)})
data(BtheB, package = "HSAUR3")

# The same bytes whatever the locale: rows by participant (as text), then visit.
write <- function(name, table) {
  table <- table[order(table$id, table$visit, method = "radix"), ]
  write.csv(table, file.path("tests/oracles/input", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}
padded <- function(number, width) formatC(number, width = width, flag = "0", format = "d")

write("sleepstudy", data.frame(
  id = paste0("s", sleepstudy$Subject), visit = sleepstudy$Days, time = sleepstudy$Days,
  reaction = sleepstudy$Reaction))

write("orthodont", data.frame(
  id = paste0("s", Orthodont$Subject), visit = Orthodont$age, time = Orthodont$age - 8,
  sex = tolower(Orthodont$Sex), distance = Orthodont$distance))

write("bodyweight", data.frame(
  id = paste0("s", padded(as.integer(as.character(BodyWeight$Rat)), 2)), visit = paste0("d", padded(BodyWeight$Time, 2)),
  time = BodyWeight$Time, diet = paste0("diet_", BodyWeight$Diet), weight = BodyWeight$weight))

write("chickweight", data.frame(
  id = paste0("s", padded(as.integer(as.character(ChickWeight$Chick)), 2)), visit = ChickWeight$Time,
  time = ChickWeight$Time, diet = paste0("diet_", ChickWeight$Diet), weight = ChickWeight$weight))

months <- c(2, 3, 5, 8)
write("btheb", do.call(rbind, lapply(months, function(month) data.frame(
  id = paste0("s", padded(seq_len(nrow(BtheB)), 3)), visit = paste0(month, "m"), time = month,
  treatment = as.character(BtheB$treatment), drug = tolower(BtheB$drug),
  length = ifelse(BtheB$length == "<6m", "short", "long"), bdi_pre = BtheB$bdi.pre,
  bdi = BtheB[[paste0("bdi.", month, "m")]]))))
