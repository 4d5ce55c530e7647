#include "coordinator/store/layer/entry.h"

#include <cstring>
#include <new>

namespace rookery::store {

Entry* Entry::New(absl::string_view path) {
  void* memory = ::operator new(sizeof(Entry) + path.size());
  Entry* entry = new (memory) Entry;
  entry->path_size = static_cast<uint32_t>(path.size());
  std::memcpy(static_cast<char*>(memory) + sizeof(Entry), path.data(), path.size());
  return entry;
}

void Entry::Delete(Entry* entry) {
  entry->~Entry();
  ::operator delete(entry);
}

}  // namespace rookery::store
