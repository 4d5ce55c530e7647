#include "tests/support/temporary_directory.h"

#include <stdlib.h>

#include "coordinator/base/check.h"

namespace rookery::testing {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "rookery-test-XXXXXX").string();
  ROOKERY_CHECK(mkdtemp(name.data()) != nullptr) << "cannot make " << name;
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace rookery::testing
