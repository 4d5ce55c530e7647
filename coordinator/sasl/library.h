// GNU SASL behind owners. Private to sasl/.
#pragma once

#include <gsasl.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/sasl/digest_md5.h"

namespace rookery::sasl {

// One side of one exchange; what the library asks for is answered by OnProperty.
class LibrarySession {
 public:
  enum class Side { kServer, kClient };

  explicit LibrarySession(Side side);
  virtual ~LibrarySession();
  LibrarySession(const LibrarySession&) = delete;
  LibrarySession& operator=(const LibrarySession&) = delete;

 protected:
  // One step of the library, which may ask for properties; Unauthenticated with its words.
  absl::StatusOr<Step> Advance(absl::string_view token);
  // "" if it has none.
  std::string Get(Gsasl_property property) const;
  void Set(Gsasl_property property, const std::string& value);
  // Sets `property`, or says that there is none.
  virtual bool OnProperty(Gsasl_property property) = 0;

 private:
  static int Callback(Gsasl* context, Gsasl_session* session, Gsasl_property property);
  // Asks for properties too, hence not in the constructor.
  void Start();

  const Side side_;
  Gsasl* context_ = nullptr;
  Gsasl_session* session_ = nullptr;  // from the first step on
};

}  // namespace rookery::sasl
