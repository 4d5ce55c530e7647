// file := slot slot
// slot := sequence last_term last_index term vote checksum      each 8 bytes, least first
//   checksum = XXH3 of the five before it
#include "coordinator/consensus/log/durable_mark.h"

#include <xxhash.h>

#include <tuple>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"

namespace rookery::consensus {
namespace {

constexpr size_t kSlotBytes = 48;

struct Slot {
  uint64_t sequence = 0;
  DurableMark mark;
};

std::string Encode(const Slot& slot) {
  std::string bytes;
  PutFixed64(slot.sequence, &bytes);
  PutFixed64(slot.mark.last_term, &bytes);
  PutFixed64(slot.mark.last_index, &bytes);
  PutFixed64(slot.mark.term, &bytes);
  PutFixed64(slot.mark.vote, &bytes);
  PutFixed64(XXH3_64bits(bytes.data(), bytes.size()), &bytes);
  return bytes;
}

// Sequence 0 if the slot is not whole.
Slot Decode(absl::string_view bytes) {
  VarintReader in(bytes);
  Slot slot;
  slot.sequence = in.Fixed64();
  slot.mark.last_term = in.Fixed64();
  slot.mark.last_index = in.Fixed64();
  slot.mark.term = in.Fixed64();
  slot.mark.vote = in.Fixed64();
  const uint64_t checksum = in.Fixed64();
  if (!in.AtEnd() || checksum != XXH3_64bits(bytes.data(), kSlotBytes - 8)) return {};
  return slot;
}

}  // namespace

bool DurableMark::EndsBefore(const DurableMark& other) const {
  return std::tuple(last_term, last_index) < std::tuple(other.last_term, other.last_index);
}

absl::StatusOr<DurableMark> DurableMarkFile::Read() {
  absl::StatusOr<std::string> bytes = files_->Read(kName);
  if (absl::IsNotFound(bytes.status())) return DurableMark();
  ROOKERY_RETURN_IF_ERROR(bytes.status());
  Slot newest;
  for (size_t at = 0; at + kSlotBytes <= bytes->size(); at += kSlotBytes) {
    const Slot slot = Decode(absl::string_view(*bytes).substr(at, kSlotBytes));
    if (slot.sequence > newest.sequence) newest = slot;
  }
  sequence_ = newest.sequence;
  return newest.mark;
}

absl::Status DurableMarkFile::CheckSlots() {
  absl::StatusOr<std::string> bytes = files_->Read(kName);
  if (absl::IsNotFound(bytes.status())) return absl::OkStatus();
  ROOKERY_RETURN_IF_ERROR(bytes.status());
  const auto damaged = [](absl::string_view what) {
    return absl::DataLossError(absl::StrCat(
        what, "; a power failure can do that to the slot it met, and then the other one counts"));
  };
  // The second slot is written first; until the first one is, zeros are in its place.
  if (bytes->size() != 2 * kSlotBytes) return damaged("expected two slots, found another length");
  for (size_t at = 0; at < bytes->size(); at += kSlotBytes) {
    const absl::string_view slot = absl::string_view(*bytes).substr(at, kSlotBytes);
    const bool unwritten = at == 0 && slot == std::string(kSlotBytes, '\0');
    if (!unwritten && Decode(slot).sequence == 0) {
      return damaged(absl::StrCat("the checksum of the slot at byte ", at, " is wrong"));
    }
  }
  return absl::OkStatus();
}

absl::Status DurableMarkFile::Write(const DurableMark& mark) {
  ++sequence_;
  return files_->WriteAt(kName, (sequence_ % 2) * kSlotBytes, Encode({sequence_, mark}));
}

absl::Status DurableMarkFile::Lower(const DurableMark& mark) {
  std::string bytes(2 * kSlotBytes, '\0');
  for (int slot = 0; slot < 2; ++slot) {
    ++sequence_;
    bytes.replace((sequence_ % 2) * kSlotBytes, kSlotBytes, Encode({sequence_, mark}));
  }
  return files_->WriteDurably(kName, bytes);
}

absl::Status CheckAgainstMark(const LogContents& contents, const DurableMark& mark,
                              uint64_t applied_index, absl::string_view log_directory) {
  const auto lost = [&](const std::string& found, const std::string& expected) {
    return absl::DataLossError(absl::StrCat(
        "the log in ", log_directory, " has lost its end: found ", found, ", expected ", expected,
        "; this server may not vote any more: `rookery ensemble rejoin N` lets it come back as a "
        "new "
        "member, a lone server needs `rookery restore`"));
  };
  if (contents.last_index() < applied_index) {
    return lost(absl::StrCat("entries up to ", contents.last_index()),
                absl::StrCat("at least ", applied_index, ", which the state has applied"));
  }
  const DurableMark found = {.last_term = contents.last_term(),
                             .last_index = contents.last_index()};
  if (found.EndsBefore(mark)) {
    return lost(absl::StrCat("entry ", contents.last_index(), " of term ", contents.last_term()),
                absl::StrCat("entry ", mark.last_index, " of term ", mark.last_term));
  }
  const bool vote_lost = contents.hard_state.term == mark.term && mark.vote != 0 &&
                         contents.hard_state.vote != mark.vote;
  if (contents.hard_state.term < mark.term || vote_lost) {
    return lost(
        absl::StrCat("term ", contents.hard_state.term, " with vote ", contents.hard_state.vote),
        absl::StrCat("term ", mark.term, " with vote ", mark.vote));
  }
  return absl::OkStatus();
}

}  // namespace rookery::consensus
