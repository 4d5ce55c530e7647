#include "coordinator/frontend/http/http_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::frontend {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class HttpConnectionTest : public testing::Test {
 protected:
  const HttpRouter router_ = [](absl::string_view path) {
    return HttpAnswer{.body = "you asked for " + std::string(path)};
  };
  HttpConnection connection_{&router_};
};

TEST_F(HttpConnectionTest, AnswersAndKeepsTheConnection) {
  const std::string answer = connection_.OnBytes("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 16\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nyou asked for /a"));
  EXPECT_FALSE(connection_.finished());
}

TEST_F(HttpConnectionTest, TakesARequestByteByByteAndSeveralAtOnce) {
  const std::string request = "GET /one HTTP/1.1\r\nHost: x\r\n\r\n";
  std::string answer;
  for (const char byte : request) answer += connection_.OnBytes(absl::string_view(&byte, 1));
  EXPECT_THAT(answer, EndsWith("you asked for /one"));
  answer = connection_.OnBytes(request + "GET /two HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("you asked for /oneHTTP/1.1 200 OK"));
  EXPECT_THAT(answer, EndsWith("you asked for /two"));
}

TEST_F(HttpConnectionTest, ClosesWhenTheClientWantsItTo) {
  const std::string answer = connection_.OnBytes("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(connection_.finished());
  EXPECT_THAT(connection_.OnBytes("GET / HTTP/1.0\r\n\r\n"), IsEmpty());
}

TEST_F(HttpConnectionTest, GivesHeadNoBody) {
  const std::string answer = connection_.OnBytes("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("you asked")));
}

TEST_F(HttpConnectionTest, RefusesOtherMethodsBodiesAndGarbage) {
  for (const auto& [request, status] :
       {std::pair("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 "),
        std::pair("GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 413 "),
        std::pair("\x16\x03\x01 no http\r\n\r\n", "HTTP/1.1 400 ")}) {
    HttpConnection connection(&router_);
    EXPECT_THAT(connection.OnBytes(request), StartsWith(status)) << request;
    EXPECT_TRUE(connection.finished());
  }
}

TEST_F(HttpConnectionTest, RefusesChunksWithoutReadingThem) {
  // The trailer of the last chunk is malformed: Beast's parser would end the process.
  const std::string request =
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nh\x05GETP/1.\r\nGET /";
  std::string answer;
  for (const char byte : request) answer += connection_.OnBytes(std::string(1, byte));
  EXPECT_EQ(answer.substr(0, 13), "HTTP/1.1 413 ");
  EXPECT_TRUE(connection_.finished());
}

TEST_F(HttpConnectionTest, RefusesAHeadWithoutAnEnd) {
  std::string answer = connection_.OnBytes("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 1000 && answer.empty(); ++i) {
    answer = connection_.OnBytes("X-Long: " + std::string(100, 'x') + "\r\n");
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
  HttpConnection endless(&router_);
  EXPECT_THAT(endless.OnBytes(std::string(100'000, 'x')), StartsWith("HTTP/1.1 4"));
  EXPECT_TRUE(endless.finished());
}

}  // namespace
}  // namespace rookery::frontend
