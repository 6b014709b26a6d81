#include "detect/inspect/address_condition.hpp"

#include "detect/inspect/subject.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

using rule::options::geoip;
using rule::options::ip_reputation;

bool address_holds(const geoip& test, const ready_condition& c, const subject& on) noexcept {
  if (on.packet != nullptr && !on.packet->is_ip())
    return false;
  const auto one = [&](const ip_address& address) {
    const auto country = c.countries->country_of(address);
    return country && (std::find(test.countries.begin(), test.countries.end(), *country) !=
                       test.countries.end()) != test.negated;
  };
  switch (test.of) {
  case geoip::side::source: return one(on.tuple.source);
  case geoip::side::destination: return one(on.tuple.destination);
  case geoip::side::both: return one(on.tuple.source) && one(on.tuple.destination);
  case geoip::side::any: return one(on.tuple.source) || one(on.tuple.destination);
  }
  return false;
}

bool address_holds(const ip_reputation& test, const ready_condition& c,
                   const subject& on) noexcept {
  if (on.packet != nullptr && !on.packet->is_ip())
    return false;
  const auto one = [&](const ip_address& address) {
    const auto score = c.scores->score(c.category, address);
    switch (test.how) {
    case ip_reputation::test::isset: return score.has_value();
    case ip_reputation::test::isnotset: return !score;
    case ip_reputation::test::compare: return score && test.value(*score);
    }
    return false;
  };
  switch (test.of) {
  case ip_reputation::side::source: return one(on.tuple.source);
  case ip_reputation::side::destination: return one(on.tuple.destination);
  case ip_reputation::side::both: return one(on.tuple.source) && one(on.tuple.destination);
  case ip_reputation::side::any: return one(on.tuple.source) || one(on.tuple.destination);
  }
  return false;
}

} // namespace cresset::detect::inspect
