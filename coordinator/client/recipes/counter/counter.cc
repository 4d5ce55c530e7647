#include "coordinator/client/recipes/counter/counter.h"

#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"

namespace rookery::client::recipes {
namespace {

using model::ErrorCode;

template <typename Unsigned>
std::string BigEndian(Unsigned value) {
  std::string bytes(sizeof(value), '\0');
  for (size_t i = bytes.size(); i-- > 0; value = static_cast<Unsigned>(value >> 8)) {
    bytes[i] = static_cast<char>(value & 0xff);
  }
  return bytes;
}

uint64_t FromBigEndian(const std::string& bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

}  // namespace

Counter::Counter(Client* client, std::string path, CounterOptions options)
    : path_(std::move(path)), options_(std::move(options)), operations_(client) {}

absl::StatusOr<int64_t> Counter::Decode(const model::Data& data) const {
  if (!data.has_value() || data->empty()) return options_.start;
  int64_t value = 0;
  switch (options_.format) {
    case CounterFormat::kText:
      if (absl::SimpleAtoi(*data, &value)) return value;
      break;
    case CounterFormat::kInt32:
      if (data->size() == 4) return static_cast<int32_t>(FromBigEndian(*data));
      break;
    case CounterFormat::kInt64:
      if (data->size() == 8) return static_cast<int64_t>(FromBigEndian(*data));
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat(path_, " holds no number of this format, but '",
                                                 absl::CHexEscape(data->substr(0, 40)), "'"));
}

absl::StatusOr<std::string> Counter::Encode(int64_t value) const {
  switch (options_.format) {
    case CounterFormat::kText:
      return absl::StrCat(value);
    case CounterFormat::kInt32:
      if (value < std::numeric_limits<int32_t>::min() ||
          value > std::numeric_limits<int32_t>::max()) {
        return absl::OutOfRangeError(absl::StrCat(path_, " cannot hold ", value, " in 32 bits"));
      }
      return BigEndian(static_cast<uint32_t>(static_cast<int32_t>(value)));
    case CounterFormat::kInt64:
      return BigEndian(static_cast<uint64_t>(value));
  }
  return absl::InternalError("no such format");
}

Async<absl::StatusOr<Counter::Value>> Counter::Get() {
  while (true) {
    const auto read = co_await operations_.GetData(path_);
    if (read.error == ErrorCode::kNoNode) {
      const ErrorCode made = co_await operations_.EnsurePath(path_, options_.acl);
      if (made != ErrorCode::kOk) co_return ToStatus(made, path_);
      continue;
    }
    if (!read.ok()) co_return ToStatus(read.error, path_);
    const absl::StatusOr<int64_t> value = Decode(read.value.data);
    if (!value.ok()) co_return value.status();
    co_return Value{*value, read.value.stat.version};
  }
}

Async<absl::StatusOr<Counter::Value>> Counter::CompareAndSet(int32_t version, int64_t value) {
  absl::StatusOr<std::string> data = Encode(value);
  if (!data.ok()) co_return data.status();
  model::SetDataRequest request;
  request.path = path_;
  request.data = *std::move(data);
  request.version = ROOKERY_PLANTED(kSetUnread) ? -1 : version;
  const auto written = co_await operations_.SetData(request);
  if (written.maybe_applied) {
    co_return absl::UnknownError(
        absl::StrCat(path_, ": the answer was lost, so it was set or it was not: read it to know"));
  }
  if (written.error == ErrorCode::kBadVersion) {
    co_return absl::AbortedError(absl::StrCat(path_, " has not version ", version, " any more"));
  }
  if (!written.ok()) co_return ToStatus(written.error, path_);
  co_return Value{value, written.value.stat.version};
}

Async<absl::StatusOr<Counter::Value>> Counter::Add(int64_t delta) {
  while (true) {
    const absl::StatusOr<Value> now = co_await Get();
    if (!now.ok()) co_return now.status();
    int64_t sum = 0;
    if (__builtin_add_overflow(now->value, delta, &sum)) {
      co_return absl::OutOfRangeError(absl::StrCat(path_, " cannot hold the sum in 64 bits"));
    }
    absl::StatusOr<Value> added = co_await CompareAndSet(now->version, sum);
    // The session's end is Aborted too, but then the next read says so.
    if (!absl::IsAborted(added.status())) co_return added;
  }
}

}  // namespace rookery::client::recipes
