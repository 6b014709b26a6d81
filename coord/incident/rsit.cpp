#include "coord/incident/rsit.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::incident {
namespace {

using text = std::string_view;

constexpr std::array<text, 3> abusive_content{"spam", "harmful-speech", "violence"};
constexpr std::array<text, 4> malicious_code{"infected-system", "c2-server", "malware-distribution",
                                             "malware-configuration"};
constexpr std::array<text, 3> information_gathering{"scanner", "sniffing", "social-engineering"};
constexpr std::array<text, 3> intrusion_attempts{"ids-alert", "brute-force", "exploit"};
constexpr std::array<text, 5> intrusions{"privileged-account-compromise",
                                         "unprivileged-account-compromise",
                                         "application-compromise", "system-compromise", "burglary"};
constexpr std::array<text, 5> availability{"dos", "ddos", "misconfiguration", "sabotage", "outage"};
constexpr std::array<text, 4> information_content_security{"unauthorised-information-access",
                                                           "unauthorised-information-modification",
                                                           "data-loss", "data-leak"};
constexpr std::array<text, 4> fraud{"unauthorised-use-of-resources", "copyright", "masquerade",
                                    "phishing"};
constexpr std::array<text, 5> vulnerable{"weak-crypto", "ddos-amplifier",
                                         "potentially-unwanted-accessible",
                                         "information-disclosure", "vulnerable-system"};
constexpr std::array<text, 2> other{"other", "undetermined"};
constexpr std::array<text, 1> test{"test"};

constexpr std::array<rsit_class, 11> classes{{
    {"abusive-content", abusive_content},
    {"malicious-code", malicious_code},
    {"information-gathering", information_gathering},
    {"intrusion-attempts", intrusion_attempts},
    {"intrusions", intrusions},
    {"availability", availability},
    {"information-content-security", information_content_security},
    {"fraud", fraud},
    {"vulnerable", vulnerable},
    {"other", other},
    {"test", test},
}};

} // namespace

std::span<const rsit_class> rsit_classes() noexcept {
  return classes;
}

bool is_known(const rsit& code) noexcept {
  const auto found = std::ranges::find(classes, text{code.classification}, &rsit_class::code);
  if (found == classes.end())
    return false;
  return code.type.empty() ||
         std::ranges::find(found->types, text{code.type}) != found->types.end();
}

} // namespace cresset::coord::incident
