# Writes input/other_*.csv: data sets that come with R, and one simulated mediation. What it wrote is committed.
# Rscript tests/oracles/make_other_inputs.R, from the root of the repository; Debian package r-cran-palmerpenguins.

write <- function(table, name)
  write.csv(table, file.path("tests/oracles/input", paste0("other_", name, ".csv")), row.names = FALSE, na = "")

air <- airquality
air$Month <- month.abb[air$Month]
write(air, "airquality")
write(as.data.frame(palmerpenguins::penguins), "penguins")
write(data.frame(first = sleep$extra[sleep$group == 1], second = sleep$extra[sleep$group == 2]), "sleep")
write(data.frame(car = rownames(mtcars), mtcars[c("disp", "wt", "mpg", "qsec")]), "mtcars")

set.seed(33)
x <- rnorm(33); m <- 0.5 * x + rnorm(33); y <- 0.2 * x + 0.4 * m + rnorm(33)
write(round(data.frame(x, m, y), 4), "mediation")
