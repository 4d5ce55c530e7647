#include "coordinator/frontend/http/http_connection.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/limits.h"

namespace rookery::frontend {

namespace http = boost::beast::http;

struct HttpConnection::Parser {
  Parser() {
    request.header_limit(limits::kHttpHeadBytesMax);
    // The head only: what follows it is never a body here, and the parser of chunks ends the
    // process at some that are malformed.
    request.eager(false);
  }
  http::request_parser<http::empty_body> request;
};

namespace {

std::string Serialize(const HttpAnswer& answer, bool with_body, bool keep_alive) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
  std::string text = absl::StrCat("HTTP/1.1 ", answer.status, " ", std::string(reason),
                                  "\r\nContent-Type: ", answer.content_type,
                                  "\r\nContent-Length: ", answer.body.size(),
                                  "\r\nConnection: ", keep_alive ? "keep-alive" : "close",
                                  "\r\nCache-Control: no-store\r\n\r\n");
  if (with_body) text += answer.body;
  return text;
}

}  // namespace

HttpConnection::HttpConnection(const HttpRouter* router)
    : router_(router), parser_(std::make_unique<Parser>()) {}

HttpConnection::~HttpConnection() = default;

std::string HttpConnection::OnBytes(absl::string_view bytes) {
  if (finished_) return "";
  buffer_.append(bytes.data(), bytes.size());
  std::string out;
  while (!finished_ && !buffer_.empty()) {
    const std::string answer = TakeRequest();
    if (answer.empty()) break;
    out += answer;
  }
  return out;
}

std::string HttpConnection::Refuse(int status, absl::string_view why) {
  finished_ = true;
  return Serialize({.status = status, .body = absl::StrCat(why, "\n")}, true, false);
}

std::string HttpConnection::TakeRequest() {
  boost::beast::error_code error;
  auto& request = parser_->request;
  const size_t used = request.put(boost::asio::const_buffer(buffer_.data(), buffer_.size()), error);
  buffer_.erase(0, used);
  if (error == http::error::need_more) {
    // The parser takes whole lines only; a head without an end is refused here.
    if (buffer_.size() > limits::kHttpHeadBytesMax) return Refuse(431, "the head is too long");
    return "";
  }
  if (error == http::error::header_limit) return Refuse(431, "the head is too long");
  if (error) return Refuse(400, absl::StrCat("expected HTTP/1.1: ", error.message()));
  if (!request.is_header_done()) return "";
  if (!request.is_done()) return Refuse(413, "expected a request without a body");
  const http::verb verb = request.get().method();
  if (verb != http::verb::get && verb != http::verb::head) {
    return Refuse(405, "expected GET or HEAD");
  }
  const bool keep_alive = request.get().keep_alive();
  std::string target(request.get().target());
  target = target.substr(0, target.find('?'));
  parser_ = std::make_unique<Parser>();
  finished_ = !keep_alive;
  return Serialize((*router_)(target), verb == http::verb::get, keep_alive);
}

}  // namespace rookery::frontend
