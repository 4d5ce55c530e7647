#include "coordinator/store/state_names.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rookery::store {
namespace {

constexpr absl::string_view kStatePrefix = "state-";
constexpr absl::string_view kFormatPrefix = "rookery-state ";

std::string TextOf(int format) { return absl::StrCat(kFormatPrefix, format, "\n"); }

}  // namespace

std::string FormatText() { return TextOf(kStateFormat); }

absl::Status CheckFormat(absl::string_view directory, absl::string_view text) {
  absl::string_view number = text;
  int format = 0;
  // Compared as a whole: SimpleAtoi overlooks white space of any kind, which a flipped bit makes of
  // "\n".
  if (!absl::ConsumePrefix(&number, kFormatPrefix) || !absl::SimpleAtoi(number, &format) ||
      text != TextOf(format)) {
    return absl::DataLossError(absl::StrCat(directory, "/", kFormatFile, ": expected \"",
                                            kFormatPrefix, kStateFormat, "\", found other text"));
  }
  if (format == kStateFormat) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(directory, " has state format ", format,
                                                    ", this rookeryd knows format ", kStateFormat,
                                                    ": start the version that wrote it"));
}

absl::Status MissingFormat(absl::string_view directory) {
  return absl::FailedPreconditionError(
      absl::StrCat(directory, " has no file ", kFormatFile, ": it is not a state of rookeryd"));
}

absl::Status MissingState(absl::string_view directory) {
  return absl::NotFoundError(
      absl::StrCat("the log names the state directory ", directory,
                   ", which is not there: restore it, or wipe the data directory and run rookery "
                   "ensemble rejoin"));
}

std::optional<uint64_t> NumberOfState(absl::string_view name) {
  uint64_t number = 0;
  if (!absl::ConsumePrefix(&name, kStatePrefix) || !absl::SimpleAtoi(name, &number)) {
    return std::nullopt;
  }
  return number;
}

std::string NextStateName(const std::vector<std::string>& names) {
  uint64_t highest = 0;
  for (const std::string& name : names) {
    highest = std::max(highest, NumberOfState(name).value_or(0));
  }
  return absl::StrCat(kStatePrefix, highest + 1);
}

}  // namespace rookery::store
