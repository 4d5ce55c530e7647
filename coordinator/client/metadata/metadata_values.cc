#include "coordinator/client/metadata/metadata_values.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace rookery::client {

kafka::PartitionState StateOf(const v1::PartitionState& state) {
  return {.leader = state.leader(),
          .leader_epoch = state.leader_epoch(),
          .controller_epoch = state.controller_epoch(),
          .isr = {state.isr().begin(), state.isr().end()},
          .recovering = state.recovering()};
}

std::string NameOf(const v1::ConfigEntity& entity) {
  return absl::StrJoin(entity.parts(), "/", [](std::string* out, const v1::ConfigEntityPart& part) {
    const absl::string_view type =
        absl::StripPrefix(v1::ConfigEntityType_Name(part.type()), "CONFIG_ENTITY_TYPE_");
    absl::StrAppend(out, absl::AsciiStrToLower(type), "s/",
                    part.is_default() ? "<default>" : part.name());
  });
}

}  // namespace rookery::client
