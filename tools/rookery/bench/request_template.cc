#include "tools/rookery/bench/request_template.h"

#include <cstring>

#include "absl/strings/str_format.h"
#include "coordinator/base/check.h"
#include "coordinator/model/acl.h"
#include "coordinator/wire/zookeeper/request.h"

namespace rookery::tools::bench {
namespace {

constexpr size_t kParentDigits = 4;
constexpr size_t kKeyDigits = 9;
constexpr size_t kXidAt = 4;  // behind the frame's length

void PutDigits(uint64_t number, size_t count, char* at) {
  for (size_t i = count; i > 0; --i) {
    at[i - 1] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

}  // namespace

std::string ParentPath(const KeySpace& keys, uint32_t parent) {
  return absl::StrFormat("%s/p%04d", keys.root, parent);
}

std::string KeyPath(const KeySpace& keys, uint64_t key) {
  return absl::StrFormat("%s/n%09d", ParentPath(keys, static_cast<uint32_t>(key % keys.parents)),
                         key);
}

RequestTemplate::RequestTemplate(Op op, const KeySpace& keys, size_t size)
    : parents_(keys.parents) {
  ROOKERY_CHECK(keys.parents > 0 && keys.parents <= 10000) << "parents have four digits";
  const std::string path = KeyPath(keys, 0);
  const std::string data(size, 'x');
  switch (op) {
    case Op::kSet:
      wire::EncodeRequest(0, model::WriteOperation(model::SetDataRequest{path, data, -1}), &frame_);
      break;
    case Op::kGet:
      wire::EncodeRequest(0, model::ReadOperation(model::GetDataRequest{path, false}), &frame_);
      break;
    case Op::kCreate:
      wire::EncodeRequest(
          0, model::WriteOperation(model::CreateRequest{path, data, *model::OpenAcl(), 0, false}),
          &frame_);
      break;
  }
  const size_t path_at = frame_.find(path);
  key_digits_at_ = path_at + path.size() - kKeyDigits;
  parent_digits_at_ = key_digits_at_ - 2 - kParentDigits;  // "/n" stands between
}

void RequestTemplate::Append(int32_t xid, uint64_t key, std::string* out) const {
  const size_t begin = out->size();
  out->append(frame_);
  char* frame = out->data() + begin;
  const uint32_t number = __builtin_bswap32(static_cast<uint32_t>(xid));
  std::memcpy(frame + kXidAt, &number, 4);
  PutDigits(key % parents_, kParentDigits, frame + parent_digits_at_);
  PutDigits(key, kKeyDigits, frame + key_digits_at_);
}

}  // namespace rookery::tools::bench
