/* Printed by web/build.mjs. */
#include "http/asset.h"

#define INCLUDE(name, file) \
  ".globl " name "\n.hidden " name "\n.balign 16\n" name ":\n.incbin \"./web/dist/" file "\"\n"

__asm__(".section .rodata,\"a\"\n"
  INCLUDE("opsd_asset_69dca56dda2a2b06_plain", "assets/RedHatDisplayVF-GILQ52GW.woff2")
  INCLUDE("opsd_asset_54145e1e268b1c53_plain", "assets/RedHatMonoVF-KD2SYPLH.woff2")
  INCLUDE("opsd_asset_1a5c9a8a88447c5b_plain", "assets/RedHatTextVF-LQH2FCGH.woff2")
  INCLUDE("opsd_asset_3a29d93a88470001_plain", "assets/app-URKYTQE7.css")
  INCLUDE("opsd_asset_3a29d93a88470001_gzip", "assets/app-URKYTQE7.css.gz")
  INCLUDE("opsd_asset_5be443914cdb5f8a_plain", "assets/app-VAT25QSM.js")
  INCLUDE("opsd_asset_5be443914cdb5f8a_gzip", "assets/app-VAT25QSM.js.gz")
  INCLUDE("opsd_asset_77846e5bec133779_plain", "assets/icon-RKS73FDI.svg")
  INCLUDE("opsd_asset_77846e5bec133779_gzip", "assets/icon-RKS73FDI.svg.gz")
  INCLUDE("opsd_asset_586bd023ef45978e_plain", "assets/theme-H5TXCS6G.js")
  INCLUDE("opsd_asset_586bd023ef45978e_gzip", "assets/theme-H5TXCS6G.js.gz")
  INCLUDE("opsd_asset_3788b31788903309_plain", "index.html")
  INCLUDE("opsd_asset_3788b31788903309_gzip", "index.html.gz")
  INCLUDE("opsd_asset_298aad5d446cddd0_plain", "licenses.txt")
  INCLUDE("opsd_asset_298aad5d446cddd0_gzip", "licenses.txt.gz")
  ".previous\n");

extern const unsigned char opsd_asset_69dca56dda2a2b06_plain[];
extern const unsigned char opsd_asset_54145e1e268b1c53_plain[];
extern const unsigned char opsd_asset_1a5c9a8a88447c5b_plain[];
extern const unsigned char opsd_asset_3a29d93a88470001_plain[];
extern const unsigned char opsd_asset_3a29d93a88470001_gzip[];
extern const unsigned char opsd_asset_5be443914cdb5f8a_plain[];
extern const unsigned char opsd_asset_5be443914cdb5f8a_gzip[];
extern const unsigned char opsd_asset_77846e5bec133779_plain[];
extern const unsigned char opsd_asset_77846e5bec133779_gzip[];
extern const unsigned char opsd_asset_586bd023ef45978e_plain[];
extern const unsigned char opsd_asset_586bd023ef45978e_gzip[];
extern const unsigned char opsd_asset_3788b31788903309_plain[];
extern const unsigned char opsd_asset_3788b31788903309_gzip[];
extern const unsigned char opsd_asset_298aad5d446cddd0_plain[];
extern const unsigned char opsd_asset_298aad5d446cddd0_gzip[];

const struct http_asset http_assets[] = {
  { "/assets/RedHatDisplayVF-GILQ52GW.woff2", "font/woff2", "\"69dca56dda2a2b06\"", opsd_asset_69dca56dda2a2b06_plain, 40788, NULL, 0, true },
  { "/assets/RedHatMonoVF-KD2SYPLH.woff2", "font/woff2", "\"54145e1e268b1c53\"", opsd_asset_54145e1e268b1c53_plain, 29912, NULL, 0, true },
  { "/assets/RedHatTextVF-LQH2FCGH.woff2", "font/woff2", "\"1a5c9a8a88447c5b\"", opsd_asset_1a5c9a8a88447c5b_plain, 40168, NULL, 0, true },
  { "/assets/app-URKYTQE7.css", "text/css; charset=utf-8", "\"3a29d93a88470001\"", opsd_asset_3a29d93a88470001_plain, 9035, opsd_asset_3a29d93a88470001_gzip, 2004, true },
  { "/assets/app-VAT25QSM.js", "text/javascript; charset=utf-8", "\"5be443914cdb5f8a\"", opsd_asset_5be443914cdb5f8a_plain, 10955, opsd_asset_5be443914cdb5f8a_gzip, 4676, true },
  { "/assets/icon-RKS73FDI.svg", "image/svg+xml", "\"77846e5bec133779\"", opsd_asset_77846e5bec133779_plain, 284, opsd_asset_77846e5bec133779_gzip, 207, true },
  { "/assets/theme-H5TXCS6G.js", "text/javascript; charset=utf-8", "\"586bd023ef45978e\"", opsd_asset_586bd023ef45978e_plain, 184, opsd_asset_586bd023ef45978e_gzip, 164, true },
  { "/index.html", "text/html; charset=utf-8", "\"3788b31788903309\"", opsd_asset_3788b31788903309_plain, 707, opsd_asset_3788b31788903309_gzip, 430, false },
  { "/licenses.txt", "text/plain; charset=utf-8", "\"298aad5d446cddd0\"", opsd_asset_298aad5d446cddd0_plain, 13053, opsd_asset_298aad5d446cddd0_gzip, 3309, false },
};
const size_t http_asset_count = sizeof http_assets / sizeof http_assets[0];
