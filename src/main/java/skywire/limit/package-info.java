/** Named quotas and rates. */
package skywire.limit;
