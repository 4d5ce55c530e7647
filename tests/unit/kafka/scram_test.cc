#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "coordinator/kafka/config.h"

namespace rookery::kafka {
namespace {

// The exchange of RFC 7677, section 3: user "user", password "pencil".
TEST(ScramTest, DerivesTheKeysOfTheStandard) {
  std::string salt;
  ASSERT_TRUE(absl::Base64Unescape("W22ZaJ0SNY7soEsUEjb6gQ==", &salt));
  const auto value = EncodeScram("SCRAM-SHA-256", "pencil", salt, 4096);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(*value,
            "salt=W22ZaJ0SNY7soEsUEjb6gQ==,stored_key=WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
            "server_key=wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=,iterations=4096");
}

TEST(ScramTest, RefusesWhatBrokersRefuse) {
  EXPECT_FALSE(EncodeScram("SCRAM-SHA-1", "p", "salt", 4096).ok());
  EXPECT_FALSE(EncodeScram("SCRAM-SHA-256", "p", "salt", 4095).ok());
  EXPECT_FALSE(EncodeScram("SCRAM-SHA-512", "p", "salt", 16385).ok());
  EXPECT_FALSE(EncodeScram("SCRAM-SHA-512", "", "salt", 4096).ok());
}

}  // namespace
}  // namespace rookery::kafka
