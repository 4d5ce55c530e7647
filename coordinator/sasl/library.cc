#include "coordinator/sasl/library.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"

namespace rookery::sasl {

LibrarySession::LibrarySession(Side side) : side_(side) {
  ROOKERY_CHECK(gsasl_init(&context_) == GSASL_OK) << "GNU SASL does not start";
  gsasl_callback_set(context_, Callback);
  gsasl_callback_hook_set(context_, this);
}

LibrarySession::~LibrarySession() {
  if (session_ != nullptr) gsasl_finish(session_);
  gsasl_done(context_);
}

void LibrarySession::Start() {
  const int status = side_ == Side::kServer ? gsasl_server_start(context_, "DIGEST-MD5", &session_)
                                            : gsasl_client_start(context_, "DIGEST-MD5", &session_);
  ROOKERY_CHECK(status == GSASL_OK) << "GNU SASL has no DIGEST-MD5: " << gsasl_strerror(status);
}

absl::StatusOr<Step> LibrarySession::Advance(absl::string_view token) {
  if (session_ == nullptr) Start();
  char* output = nullptr;
  size_t size = 0;
  const int status = gsasl_step(session_, token.data(), token.size(), &output, &size);
  Step step;
  if (output != nullptr) {
    step.token.assign(output, size);
    gsasl_free(output);
  }
  if (status != GSASL_OK && status != GSASL_NEEDS_MORE) {
    return absl::UnauthenticatedError(absl::StrCat("DIGEST-MD5: ", gsasl_strerror(status)));
  }
  step.done = status == GSASL_OK;
  return step;
}

std::string LibrarySession::Get(Gsasl_property property) const {
  const char* value = gsasl_property_fast(session_, property);
  return value == nullptr ? "" : value;
}

void LibrarySession::Set(Gsasl_property property, const std::string& value) {
  ROOKERY_CHECK(gsasl_property_set_raw(session_, property, value.data(), value.size()) == GSASL_OK)
      << "GNU SASL is out of memory";
}

int LibrarySession::Callback(Gsasl* context, Gsasl_session* session, Gsasl_property property) {
  auto* self = static_cast<LibrarySession*>(gsasl_callback_hook_get(context));
  if (self->session_ == nullptr) self->session_ = session;  // while it starts
  return self->OnProperty(property) ? GSASL_OK : GSASL_NO_CALLBACK;
}

}  // namespace rookery::sasl
