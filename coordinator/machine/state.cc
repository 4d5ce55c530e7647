// Row "m" -> level:varint applied_index:varint applied_term:varint last_zxid:fixed64 digest:fixed64
//            nodes:varint bytes:varint preloaded:byte configuration:string members:string
#include "coordinator/machine/state.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"

namespace rookery::machine {
namespace {

// A tree that lost the row of its state must not be taken for an empty one and founded anew.
absl::Status NoState(const store::NodeStore& store) {
  bool others = false;
  ROOKERY_RETURN_IF_ERROR(
      store.ScanRows("", [&](absl::string_view, absl::string_view) { others = true; }));
  if (!others) return absl::NotFoundError("the store holds no state");
  return absl::DataLossError("expected the row of the state among the others, found none");
}

}  // namespace

absl::StatusOr<State> DecodeState(absl::string_view bytes) {
  VarintReader in(bytes);
  State state;
  const uint64_t level = in.Varint();
  if (level > kLevelKnown) {  // what follows may have another form
    return absl::FailedPreconditionError(
        absl::StrCat("the data directory is of level ", level, ", this program knows levels up to ",
                     kLevelKnown, ": start it with a newer rookeryd"));
  }
  state.level = static_cast<uint32_t>(level);
  state.applied_index = in.Varint();
  state.applied_term = in.Varint();
  state.last_zxid = static_cast<model::Zxid>(in.Fixed64());
  state.node_digest = in.Fixed64();
  state.node_count = in.Varint();
  state.data_bytes = in.Varint();
  state.preloaded = in.Byte() != 0;
  state.configuration = in.String();
  state.members = in.String();
  if (!in.AtEnd()) return absl::DataLossError("expected the row of the state, found other bytes");
  return state;
}

absl::StatusOr<State> ReadState(const store::NodeStore& store) {
  std::optional<absl::StatusOr<State>> state;
  ROOKERY_RETURN_IF_ERROR(
      store.ScanRows(kStateRow, [&](absl::string_view key, absl::string_view value) {
        if (key == kStateRow) state = DecodeState(value);
      }));
  if (!state.has_value()) return NoState(store);
  return *std::move(state);
}

std::string EncodeState(const State& state) {
  std::string value;
  PutVarint(state.level, &value);
  PutVarint(state.applied_index, &value);
  PutVarint(state.applied_term, &value);
  PutFixed64(static_cast<uint64_t>(state.last_zxid), &value);
  PutFixed64(state.node_digest, &value);
  PutVarint(state.node_count, &value);
  PutVarint(state.data_bytes, &value);
  PutByte(state.preloaded ? 1 : 0, &value);
  PutString(state.configuration, &value);
  PutString(state.members, &value);
  return value;
}

void WriteState(const State& state, store::NodeStore* store) {
  store->PutRow(kStateRow, EncodeState(state));
}

}  // namespace rookery::machine
