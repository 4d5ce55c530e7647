// One HTTP/1.1 connection without its I/O: requests without a body in, answers out, in order.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace rookery::frontend {

struct HttpAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// What stands behind an address, without its query.
using HttpRouter = std::function<HttpAnswer(absl::string_view path)>;

class HttpConnection {
 public:
  // `router` outlives the connection.
  explicit HttpConnection(const HttpRouter* router);
  ~HttpConnection();

  // Returns what to send for what has come.
  std::string OnBytes(absl::string_view bytes);
  // True when the connection is to be closed after what was returned.
  bool finished() const { return finished_; }

 private:
  struct Parser;
  // Takes one request from the buffer; empty: it is not whole.
  std::string TakeRequest();
  std::string Refuse(int status, absl::string_view why);

  const HttpRouter* const router_;
  std::string buffer_;
  std::unique_ptr<Parser> parser_;
  bool finished_ = false;
};

}  // namespace rookery::frontend
