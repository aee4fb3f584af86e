# Beside bench/renewal.ts: EpiEstim on the series of a file, with the seconds that it took.
suppressWarnings(suppressMessages({
  library(EpiEstim)
  library(jsonlite)
}))
files <- commandArgs(trailingOnly = TRUE)
asked <- fromJSON(files[1], simplifyVector = TRUE, simplifyDataFrame = FALSE)
estimate <- function(one) {
  incid <- data.frame(local = one$incidence - one$imported, imported = one$imported)
  config <- if (is.null(one$si)) {
    make_config(incid = incid, mean_si = one$meanDays, std_si = one$sdDays)
  } else {
    make_config(incid = incid, si_distr = one$si)
  }
  method <- if (is.null(one$si)) "parametric_si" else "non_parametric_si"
  started <- sum(proc.time()[1:2])
  for (turn in seq_len(one$turns)) {
    answer <- estimate_R(incid, method = method, config = config)
  }
  seconds <- (sum(proc.time()[1:2]) - started) / one$turns
  list(rows = as.matrix(answer$R[, 1:11]), seconds = seconds)
}
answers <- lapply(asked, function(one) suppressWarnings(suppressMessages(estimate(one))))
version <- as.character(packageVersion("EpiEstim"))
write(toJSON(list(version = version, answers = answers), digits = I(17), auto_unbox = TRUE,
             na = "null"), files[2])
