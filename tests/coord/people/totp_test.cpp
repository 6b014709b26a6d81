#include "coord/people/totp.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cresset;
using namespace cresset::coord::people;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view rfc_secret = "12345678901234567890";

totp_secret secret_of_the_rfc() {
  totp_secret secret{};
  std::copy_n(as_bytes(rfc_secret).begin(), secret.size(), secret.begin());
  return secret;
}

timestamp at(std::int64_t seconds) {
  return timestamp{std::chrono::seconds{seconds}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_people_totp)

BOOST_AUTO_TEST_CASE(counters_give_the_codes_of_rfc_4226_appendix_d) {
  const char* const codes[] = {"755224", "287082", "359152", "969429", "338314",
                               "254676", "287922", "162583", "399871", "520489"};
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(hotp(as_bytes(rfc_secret), i, 6) == codes[i]);
}

BOOST_AUTO_TEST_CASE(moments_give_the_codes_of_rfc_6238_appendix_b) {
  const std::pair<std::int64_t, const char*> rows[] = {{59, "94287082"},
                                                       {1111111109, "07081804"},
                                                       {1111111111, "14050471"},
                                                       {1234567890, "89005924"},
                                                       {2000000000, "69279037"}};
  for (const auto& [seconds, code] : rows)
    BOOST_TEST(hotp(as_bytes(rfc_secret), totp_step(at(seconds)), 8) == code);
  // 603 years on, nanoseconds since 1970 do not fit a timestamp: the step itself.
  BOOST_TEST(hotp(as_bytes(rfc_secret), 20000000000 / 30, 8) == "65353130");
}

BOOST_AUTO_TEST_CASE(a_code_of_the_step_before_and_behind_is_taken_and_no_other) {
  const auto secret = secret_of_the_rfc();
  const auto now = at(1'000'000'000);
  const auto step = totp_step(now);
  for (std::int64_t off = -3; off <= 3; ++off) {
    const auto found = find_totp_step(secret, hotp(secret, step + off, 6), now, 0);
    BOOST_TEST(found.has_value() == (off >= -1 && off <= 1), off);
    if (found)
      BOOST_TEST(*found == step + off);
  }
}

BOOST_AUTO_TEST_CASE(a_code_is_taken_once) {
  const auto secret = secret_of_the_rfc();
  const auto now = at(1'000'000'000);
  const auto code = hotp(secret, totp_step(now), 6);
  const auto step = find_totp_step(secret, code, now, 0);
  BOOST_REQUIRE(step);
  BOOST_TEST(!find_totp_step(secret, code, now, *step));
  BOOST_TEST(!find_totp_step(secret, code, now + 29s, *step));
  // and neither is one from before it
  BOOST_TEST(!find_totp_step(secret, hotp(secret, *step - 1, 6), now, *step));
  BOOST_TEST(find_totp_step(secret, hotp(secret, *step + 1, 6), now, *step).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_code_is_refused) {
  const auto secret = secret_of_the_rfc();
  const auto now = at(1'000'000'000);
  const auto code = hotp(secret, totp_step(now), 6);
  for (const auto& wrong : {std::string{}, code + "0", code.substr(1), " " + code, code + '\0',
                            std::string(6, '\0'), std::string(100'000, '1')})
    BOOST_TEST(!find_totp_step(secret, wrong, now, 0));
  BOOST_TEST(!find_totp_step(secret, code, at(-5), 0));
}

BOOST_AUTO_TEST_CASE(base_32_is_that_of_rfc_4648) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "MY"},
                                                      {"fo", "MZXQ"},
                                                      {"foo", "MZXW6"},
                                                      {"foob", "MZXW6YQ"},
                                                      {"fooba", "MZXW6YTB"},
                                                      {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : rows) {
    BOOST_TEST(to_base32(as_bytes(bytes)) == text);
    BOOST_TEST(from_base32(text).value() == bytes);
  }
  BOOST_TEST(from_base32("mzxw 6ytb oi======").value() == "foobar");
  for (const auto* wrong : {"1", "0", "8", "M!", "MZ\n"})
    BOOST_TEST(!from_base32(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(the_address_for_an_authenticator_escapes_what_it_holds) {
  const auto uri = totp_uri("CERT & Co", "ann", secret_of_the_rfc());
  BOOST_TEST(uri == "otpauth://totp/CERT%20%26%20Co:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                    "&issuer=CERT%20%26%20Co&algorithm=SHA1&digits=6&period=30");
  BOOST_TEST((random_totp_secret() != random_totp_secret()));
}

BOOST_AUTO_TEST_SUITE_END()
