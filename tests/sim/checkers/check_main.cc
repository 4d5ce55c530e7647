// rookery-check FILE: checks a history in JSON lines (history/json.h), of real processes for
// example. Exit 0: nothing violated; 1: violations, one a line; 2: the file cannot be read.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/sim/checkers/checkers.h"
#include "tests/sim/history/json.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: rookery-check FILE\n");
    return 2;
  }
  std::ifstream in(argv[1], std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "%s cannot be read\n", argv[1]);
    return 2;
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const absl::StatusOr<rookery::sim::History> history = rookery::sim::FromJsonLines(text);
  if (!history.ok()) {
    std::fprintf(stderr, "%s: %s\n", argv[1], std::string(history.status().message()).c_str());
    return 2;
  }
  size_t violations = 0;
  rookery::sim::Searches searches;
  for (const rookery::sim::Checker& checker : rookery::sim::AllCheckers()) {
    for (const std::string& text : Check(checker, *history, &searches)) {
      ++violations;
      std::printf("%s: %s\n", std::string(checker.name).c_str(), text.c_str());
    }
  }
  std::printf("%zu calls, %zu events, %zu violations; %zu of %zu searches for an order given up\n",
              history->calls.size(), history->told.size(), violations,
              static_cast<size_t>(searches.given_up), static_cast<size_t>(searches.made));
  return violations == 0 ? 0 : 1;
}
