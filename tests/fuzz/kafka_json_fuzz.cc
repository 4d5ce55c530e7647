// What brokers and tools write into Kafka's znodes: every codec of coordinator/kafka.
#include <cstddef>
#include <cstdint>

#include "coordinator/base/check.h"
#include "coordinator/kafka/acl.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/config.h"
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
  return 0;
}
