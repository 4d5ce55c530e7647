#include "coordinator/store/layer/layer.h"

namespace rookery::store {

Layer::~Layer() {
  for (Entry* entry : superseded) {
    if (entry->pins == 0) {
      Entry::Delete(entry);
    } else {
      entry->orphaned = true;
    }
  }
}

}  // namespace rookery::store
