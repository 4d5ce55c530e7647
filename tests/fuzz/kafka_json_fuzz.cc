// What brokers and tools write into Kafka's znodes: every codec of coordinator/kafka.
#include <cstddef>
#include <cstdint>

#include "coordinator/base/check.h"
#include "coordinator/kafka/acl.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/layout.h"
#include "coordinator/kafka/metadata_event.h"
#include "coordinator/kafka/topic.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

using namespace rookery::kafka;  // NOLINT: a fuzz target, and nobody includes it

// What was understood can be written, and reads the same again.
template <typename Decode, typename Encode>
void ExpectSameAgain(absl::string_view text, Decode decode, Encode encode) {
  const auto value = decode(text);
  if (!value.ok()) return;
  const auto again = decode(encode(*value));
  ROOKERY_CHECK(again.ok() && *again == *value) << encode(*value);
}

// Whatever a node says and said, its change can be told of.
void ExpectEvents(absl::string_view text) {
  const rookery::model::NodeState node = {.data = std::string(text),
                                          .acl = rookery::model::OpenAcl()};
  const auto may_read = [](const rookery::model::Acl&) { return true; };
  for (const char* path :
       {"/brokers/ids/1", "/controller", "/brokers/topics/t",
        "/brokers/topics/t/partitions/0/state", "/config/users/u", "/kafka-acl/Topic/t"}) {
    (void)EventsOf("/", {{.path = path, .after = node}}, may_read);
    (void)EventsOf("/", {{.path = path, .before = node}}, may_read);
    ROOKERY_CHECK(EventsOf("/", {{.path = path, .before = node, .after = node}}, may_read).size() <=
                  1)
        << path;
  }
  // As a path: what means something is kept in the journal.
  ROOKERY_CHECK(std::holds_alternative<NoMeaning>(MeaningOf(text)) || MayMeanSomething(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = rookery::fuzz::Bytes(data, size);
  ExpectSameAgain(text, DecodeBroker, EncodeBroker);
  ExpectSameAgain(text, DecodeTopic, EncodeTopic);
  ExpectSameAgain(text, DecodePartitionState, EncodePartitionState);
  ExpectSameAgain(text, DecodeControllerEpoch, EncodeControllerEpoch);
  ExpectSameAgain(text, DecodeClusterId, EncodeClusterId);
  ExpectSameAgain(text, DecodeConfigChange, EncodeConfigChange);
  ExpectSameAgain(text, DecodeAcls, EncodeAcls);
  const bool extended = !text.empty() && text.front() == '{';
  ExpectSameAgain(
      text, [&](absl::string_view change) { return DecodeAclChange(extended, change); },
      [](const ResourcePattern& resource) { return EncodeAclChange(resource).data; });
  if (const auto controller = DecodeController(text); controller.ok()) {
    const auto again = DecodeController(EncodeController(*controller));
    ROOKERY_CHECK(again.ok() && again->broker == controller->broker &&
                  again->timestamp_ms == controller->timestamp_ms);
  }
  const ConfigMap config = DecodeConfig(text);
  ROOKERY_CHECK(DecodeConfig(EncodeConfig(config)) == config);
  for (const ConfigEntity::Type type :
       {ConfigEntity::Type::kTopic, ConfigEntity::Type::kClient, ConfigEntity::Type::kUser,
        ConfigEntity::Type::kBroker, ConfigEntity::Type::kIp}) {
    (void)ValidateConfig({.parts = {{.type = type, .name = "1"}}}, config);
  }
  const auto name = Desanitize(text);
  ROOKERY_CHECK(!name.ok() || *Desanitize(Sanitize(*name)) == *name);
  ExpectEvents(text);
  return 0;
}
